/** The public sets that can be imported. */
import type { DataSource } from '../dataset'
import { covidCt } from './covid-ct'
import { covidCtset } from './covid-ctset'
import { covidRadiography } from './covid-radiography'
import { covidxCt } from './covidx-ct'
import { kermanyXray } from './kermany-xray'
import { nihChestXray14 } from './nih-chestxray14'
import { publishedSource } from './published-source'
import { saoPauloCtPatients } from './sao-paulo-ct-patients'
import { tuberculosisXray } from './tuberculosis-xray'

export const publishedSets: readonly DataSource[] = [
  kermanyXray, tuberculosisXray, covidCt, covidRadiography, saoPauloCtPatients, covidCtset, covidxCt, nihChestXray14,
].map(publishedSource)
