/** Answers become public from this many people on, and in steps of this many. The CHECK `survey_tallies_by_tens` says ten too. */
export const MIN_PUBLIC_GROUP = 10

/** Answers to a delicate question become public from this many people on. */
export const MIN_DELICATE_GROUP = 30

/** Answers of an agency's kiosks become public in steps of this many, by whole weeks. */
export const MIN_KIOSK_GROUP = 30

/** Answers by invitation become public in steps of this many, by whole draws. */
export const MIN_INVITED_GROUP = 30

/** Figures are split by dossier code or by way in steps of this many people. */
export const MIN_SPLIT_GROUP = 30

/** An agency, question or month is compared from this many people on; below it is shown grey. */
export const MIN_COMPARED = 30

/** Below this, an area's reports are shown by quarter: a figure of one month would show little but its rounding. */
export const FEW_REPORTS = 20
