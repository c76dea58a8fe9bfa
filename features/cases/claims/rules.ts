/**
 * The active cases that one person may have whose proof nobody has found to match yet, by contact or id number. The desk
 * at a police station takes further ones, since an officer sees there who it is.
 */
export const MOST_UNPROVEN = 3
