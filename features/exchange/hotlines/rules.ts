/** The pages where an owner locks or finds a phone from any browser, and reads its IMEI. */
export const deviceFinders = {
  /** Locks an Android phone by its number alone, while it has a network. */
  lock: 'https://www.android.com/lock',
  google: 'https://www.google.com/android/find',
  apple: 'https://www.icloud.com/find',
} as const
