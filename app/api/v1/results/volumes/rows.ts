import type { listVolumes } from '#features/ratings/volumes/data.ts'
import { csvLine } from '#lib/csv.ts'
import type { VolumeRows } from '../schemas.ts'

export const VOLUME_COLUMNS = ['agency', 'month', 'procedure', 'cases', 'source', 'as_of'] as const

type Volumes = Awaited<ReturnType<typeof listVolumes>>

export const volumeRows = (volumes: Volumes): VolumeRows['volumes'] =>
  volumes.map(({ agencyId, month, procedure, cases, source, toldOn }) => ({
    ...{ agency: agencyId, month, procedure, cases, source, as_of: toldOn },
  }))

export const volumesCsv = (volumes: Volumes): string =>
  [[...VOLUME_COLUMNS], ...volumeRows(volumes).map((row) => Object.values(row))].map(csvLine).join('')
