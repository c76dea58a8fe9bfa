import '#server-only'
import { storedToken } from './repository.ts'

/** Returns the code with which Zalo refused the refresh token; null while it works, or has not been used. */
export const zaloTokenFault = async (): Promise<string | null> => (await storedToken())?.fault ?? null
