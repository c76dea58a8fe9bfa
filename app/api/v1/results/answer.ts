import { createHash } from 'node:crypto'
import Negotiator from 'negotiator'
import { findLogEntry } from '#features/audit/published/data.ts'
import { type LogEntry, writeLogEntry } from '#features/audit/published/rules.ts'
import { isKnown } from '#http/known-answer.ts'
import { dataLicence } from '#http/settings.ts'
import { BYTE_ORDER_MARK, csvTable } from '#lib/csv.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { formatSchema } from './schemas.ts'

const JSON_TYPE = 'application/json'
const CSV_TYPE = 'text/csv; charset=utf-8; header=present'

/** Returns whether CSV is wanted: by `Accept` (RFC 9110, 12.5.1), or by `?format=csv` for links, which cannot set it. */
function wantsCsv(request: Request): boolean {
  const format = new URL(request.url).searchParams.get('format')
  if (format !== null) return formatSchema.safeParse(format).data === 'csv'
  const accept = request.headers.get('accept') ?? undefined
  // A client that accepts neither gets JSON: that helps more than a refusal.
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, CSV_TYPE]) === CSV_TYPE
}

export const dated = (now: Instant) => ({ asOf: localDate(now), licence: dataLicence().name })

/**
 * Answers in the requested format, or 304 if the client has the same already (RFC 9110, 13.1.2). Caches may keep it for a minute:
 * figures change by tens of answers.
 *
 * @param entry the newest log entry about the tables that the answer is computed from
 */
export function answer(
  request: Request,
  name: string,
  json: () => object,
  csv: () => string,
  entry: LogEntry | null = null,
  freshSeconds = 60,
): Response {
  const asCsv = wantsCsv(request)
  const byLink = new URL(request.url).searchParams.has('format')
  // Programs, which ask by `Accept`, would read the mark as part of the first column's name.
  const body = asCsv ? `${byLink ? BYTE_ORDER_MARK : ''}${csv()}` : JSON.stringify(json())
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = {
    'cache-control': `public, max-age=${freshSeconds}`,
    vary: 'accept',
    etag,
    link: `<${dataLicence().url}>; rel="license"`,
    ...(entry && { 'x-log-entry': writeLogEntry(entry) }),
  }
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers })
  return new Response(body, {
    headers: asCsv
      ? {
          ...headers,
          'content-type': CSV_TYPE,
          'content-disposition': `attachment; filename="${name}.csv"`,
        }
      : { ...headers, 'content-type': JSON_TYPE },
  })
}

/** Answers with a table of a day: its rows by their name, or as CSV with these columns. */
export async function answerTable(
  request: Request,
  file: string,
  asOf: string,
  table: Readonly<Record<string, Parameters<typeof csvTable>[1]>>,
  columns: readonly string[],
  scope = 'results',
): Promise<Response> {
  return answer(
    request,
    `${file}-${asOf}`,
    () => ({ asOf, licence: dataLicence().name, ...table }),
    () => csvTable(columns, Object.values(table).flat()),
    await findLogEntry({ scope }),
  )
}
