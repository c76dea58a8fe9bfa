export interface Hotline {
  readonly carrier: 'viettel' | 'vinaphone' | 'mobifone' | 'vietnamobile' | 'gmobile'
  readonly name: string
  /** As dialled; the short numbers may answer only from a SIM of the carrier itself. */
  readonly numbers: readonly string[]
}

/**
 * The numbers on which each carrier locks a SIM, as the carriers publish them. Operators check them before going live
 * and once a quarter: a wrong number here costs a robbed person the first half hour.
 */
export const hotlines: readonly Hotline[] = [
  { carrier: 'viettel', name: 'Viettel', numbers: ['18008098', '198'] },
  { carrier: 'vinaphone', name: 'VinaPhone', numbers: ['18001091'] },
  { carrier: 'mobifone', name: 'MobiFone', numbers: ['18001090', '9090'] },
  { carrier: 'vietnamobile', name: 'Vietnamobile', numbers: ['789'] },
  { carrier: 'gmobile', name: 'Gmobile', numbers: ['199'] },
]

/** The pages where a phone's owner locks or finds it from any browser, and reads its IMEI. */
export const deviceFinders = {
  /** Locks an Android phone by its number alone, while it has a network. */
  lock: 'https://www.android.com/lock',
  google: 'https://www.google.com/android/find',
  apple: 'https://www.icloud.com/find',
} as const
