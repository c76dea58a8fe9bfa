import '#server-only'

export { casesAmong, firstReportOf, isCaseOf, reportedSince } from '../repository/reported-phones.ts'
