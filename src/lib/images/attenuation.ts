/** How strongly tissues weaken X-rays. */

/**
 * Linear attenuation coefficients in 1/cm at 60 keV, about the mean energy of the X-rays of a chest examination: mass
 * attenuation coefficients of NIST (Hubbell and Seltzer, NISTIR 5632, table 4; tissues of ICRU Report 44), times
 * density. A lung full of air has a density of about 0.26 g/cm³.
 */
export const attenuations = {
  'air': 0.00023, 'lung, full of air': 0.053, 'fat': 0.188, 'water': 0.206, 'muscle': 0.215, 'bone (cortical)': 0.604,
} as const satisfies Record<string, number>

/**
 * The share of X-rays that passes through a layer: exp(−μ d) (Beer–Lambert law).
 * @param attenuation μ in 1/cm
 * @param thickness d in cm
 * @example transmittedShare(0.206, 10)   // 0.127…: 10 cm of water let 13 % pass
 */
export function transmittedShare(attenuation: number, thickness: number): number {
  return Math.exp(-attenuation * thickness)
}
