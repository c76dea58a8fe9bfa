/** Matches a UUID as PostgreSQL writes it, as a part of a larger expression. */
export const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const WHOLE = new RegExp(`^${UUID}$`)

export const isUuid = (text: unknown): text is string => typeof text === 'string' && WHOLE.test(text)
