import '#server-only'

/** What people wrote about agencies: answers to it and figures of it stay. */
export { forgetComments } from '../repository/comment-texts.ts'
export { forgetDossierKeys } from '../repository/dossiers.ts'
/** How a kiosk's submissions are known: they outlive others, as its device may send them again. */
export { KIOSK_ACT } from '../repository/responses.ts'
/** What people wrote about the questions: its summary and answer are public, its own words have had their time. */
export { forgetTexts as forgetSuggestionTexts } from '../repository/suggestion-texts.ts'
