import '#server-only'

export { editionIds, holdEdition, lockEdition, putInForce } from './repository.ts'
