import '#server-only'

/**
 * Empties what people wrote about the questions: its summary and answer are public, its own words have had their time.
 */
export { forgetTexts as forgetSuggestionTexts } from '#features/questionnaires/repository/suggestion-texts.ts'
/** Deletes what people wrote about agencies: answers to it and figures of it stay. */
export { forgetComments } from '../repository/comment-texts.ts'
export { forgetDossierKeys } from '../repository/dossiers.ts'
/**
 * The acts by which submissions of ratings are known: they have no day, and a kiosk's outlive others, as its device may
 * send them again.
 */
export { KIOSK_ACT, RATING_ACT } from '../repository/responses.ts'
