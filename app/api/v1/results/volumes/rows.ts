import type { listVolumes } from '#features/ratings/volumes/data.ts'
import type { VolumeRows } from '../schemas.ts'

export const VOLUME_COLUMNS = ['agency', 'month', 'procedure', 'cases', 'source', 'as_of'] as const

export const volumeRows = (volumes: Awaited<ReturnType<typeof listVolumes>>): VolumeRows['volumes'] =>
  volumes.map(({ agencyId, month, procedure, cases, source, toldOn }) => ({
    ...{ agency: agencyId, month, procedure, cases, source, as_of: toldOn },
  }))
