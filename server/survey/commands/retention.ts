import '#server-only'

export { forgetDossierKeys } from '../repository/dossiers.ts'
/** What people wrote about the questions: its summary and answer are public, its own words have had their time. */
export { forgetTexts as forgetSuggestionTexts } from '../repository/suggestion-texts.ts'
