/**
 * The act under which a rating is remembered, so that the same form sent again counts once. It is stored with the month
 * of the rating, never with the day.
 */
export const RATING_ACT = 'survey.rate'

/** The act of a kiosk, remembered for longer: its device may be without a network for a month before it sends again. */
export const KIOSK_ACT = 'survey.rate_at_kiosk'

export type RatingAct = typeof RATING_ACT | typeof KIOSK_ACT
