import type { CaseNumber } from './number.ts'
import type { CaseSecret } from './secret.ts'

/** Returns the path that opens a case: it trades the secret for a session and leads on to a clean address. */
export const secretPath = (number: CaseNumber, secret: CaseSecret): string => `/k/${number}.${secret}`
