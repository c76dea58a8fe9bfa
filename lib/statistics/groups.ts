/** Answers become public from so many people on, and so many at a time. The CHECK `survey_tallies_by_tens` says ten too. */
export const MIN_PUBLIC_GROUP = 10

/** Answers to a delicate question become public from so many people on. */
export const MIN_DELICATE_GROUP = 30

/** Answers of an agency's kiosks become public so many at a time, by whole weeks. */
export const MIN_KIOSK_GROUP = 30

/** Answers by invitation become public so many at a time, of whole draws. */
export const MIN_INVITED_GROUP = 30

/** Figures are told apart, by dossier code or by way, so many people at a time. */
export const MIN_SPLIT_GROUP = 30

/** An agency, question or month is compared from so many people on; below it is shown grey. */
export const MIN_COMPARED = 30

/** Below it, an area's reports of one month are told by quarter: a month's would say little but its rounding. */
export const FEW_REPORTS = 20
