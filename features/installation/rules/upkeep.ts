/** The things that an operator owes the installation, and what is remembered of the last time each was done well. */
export const UPKEEP = ['backup', 'drill', 'restore'] as const
export type UpkeepKind = (typeof UPKEEP)[number]
