import '#server-only'

export { forgetDossierKeys } from '../repository/dossiers.ts'
