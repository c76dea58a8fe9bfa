import {
  ARCHIVE_COLUMNS,
  archivedAnswersSchema,
  archivedBlockingSchema,
  archiveMonthSchema,
  archiveSchema,
  BLOCKING_COLUMNS,
  snapshotSchema,
} from '../v1/archive/schemas.ts'
import { parametersOf } from './schemas.ts'
import { describeTable } from './survey.ts'

const parameters = parametersOf('path', archiveMonthSchema)

export const ARCHIVE_PATHS = {
  '/api/v1/archive': describeTable(
    {
      operationId: 'archive',
      summary: 'The monthly snapshots of the open data, by date and hash',
      description:
        'At the first look of each month the hash of every public table is written down, in an entry of the log. A snapshot never changes.',
    },
    archiveSchema,
    ['month', 'taken_on', 'sha256', 'page'],
  ),
  '/api/v1/archive/{month}': describeTable(
    {
      operationId: 'snapshot',
      summary: 'One snapshot: how it is cited, and every table of it by its hash',
      description: 'What each table said is kept at `/log/figures/{sha256}.json`, byte for byte.',
      parameters,
    },
    snapshotSchema,
    ['table', 'sha256'],
  ),
  '/api/v1/archive/{month}/answers': describeTable(
    {
      operationId: 'archivedAnswers',
      summary: 'Every option of every question at every agency, as it was when the snapshot was taken',
      description:
        'Added up of the kept tables, with the names and the dispersion of that day, by version of the questions. The interval is Wilson’s at 95 %, widened by the dispersion.',
      parameters,
    },
    archivedAnswersSchema,
    ARCHIVE_COLUMNS,
  ),
  '/api/v1/archive/{month}/blocking': describeTable(
    {
      operationId: 'archivedBlocking',
      summary: 'The evaluation set for blocking: reports, blocks and recoveries by month and area',
      description:
        'Counts in fives, no row of a person; a month of one area, and any run of months of the city, is within four of the truth. `/log/programs/blocking.py` is an example of what may be asked of it.',
      parameters,
    },
    archivedBlockingSchema,
    BLOCKING_COLUMNS,
  ),
}
