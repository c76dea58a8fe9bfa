import { err, ok, type Result } from '../result.ts'

/**
 * Returns free text without NUL, which PostgreSQL cannot store, and with LF for the CRLF that browsers send as line ends. `max`
 * counts code points after that.
 */
export function cleanText(input: string, max: number): Result<string, 'too_long'> {
  const text = input.replaceAll('\0', '').replace(/\r\n?/g, '\n')
  return [...text].length > max ? err('too_long') : ok(text)
}
