import { err, ok, type Result } from '../result.ts'

/**
 * Free text as it was written, but for NUL, which PostgreSQL can't hold, and line ends, which browsers send
 * as CRLF: those become LF. `max` counts code points after that.
 */
export function cleanText(input: string, max: number): Result<string, 'too_long'> {
  const text = input.replaceAll('\0', '').replace(/\r\n?/g, '\n')
  return [...text].length > max ? err('too_long') : ok(text)
}
