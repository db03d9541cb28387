/** What tissues let through of X-rays, as a table. */
import { attenuations, transmittedShare } from '../images/attenuation'
import { dataTable, type Table } from './tables'

/**
 * How strongly tissues weaken X-rays of 60 keV, and the share that passes through 1 cm and through 10 cm of each.
 * @example show(look.transmissionTable())
 */
export function transmissionTable(): Table {
  const rows = Object.entries(attenuations).map(([tissue, attenuation]) => ({
    tissue, attenuation: String(attenuation),
    thin: transmittedShare(attenuation, 1), thick: transmittedShare(attenuation, 10),
  }))
  return dataTable('transmission', 'X-rays of 60 keV: what tissues let pass', rows, [
    'tissue', { key: 'attenuation', title: 'attenuation μ (1/cm)' },
    { key: 'thin', title: 'passes 1 cm', format: 'percent' }, { key: 'thick', title: 'passes 10 cm', format: 'percent' },
  ], 'NIST, X-ray mass attenuation coefficients (tissues of ICRU Report 44), times density.')
}
