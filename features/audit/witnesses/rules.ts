/** Why a witness has not signed: `unknown` and `key` say that it does not know this log, or not by this key. */
export type WitnessFault = 'away' | 'unknown' | 'key' | 'proof' | 'ahead' | 'refused' | 'signature' | 'clock'

/** Returns the fault that a witness's status says; null where it has signed. */
export function faultOfStatus(status: number): WitnessFault | null {
  if (status === 200) return null
  const said: Readonly<Record<number, WitnessFault>> = {
    403: 'key',
    404: 'unknown',
    409: 'ahead',
    422: 'proof',
  }
  return said[status] ?? (status >= 500 ? 'away' : 'refused')
}

/** Milliseconds by which the time in a signature may differ from ours. */
export const CLOCK_APART = 10 * 60_000
