import '#server-only'

export { casesAmong, firstReportOf, isCaseOf, reportedSince } from './reported-data.ts'
