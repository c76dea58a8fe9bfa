import { getTranslations } from 'next-intl/server'
import { MAX_FILES } from './limits-rules.ts'
import type { EvidenceFault } from './rules.ts'

export async function faultWords({
  items,
  fault,
  faultyFile,
}: {
  readonly items: readonly unknown[]
  readonly fault: EvidenceFault | null
  readonly faultyFile: string | null
}): Promise<string | null> {
  if (fault === null) return null
  const faults = await getTranslations('faults.evidence')
  if (fault === 'too_many' && items.length > 0)
    return faults('too_many_left', { stored: items.length, left: MAX_FILES - items.length })
  if (faultyFile === null || !isOfOneFile(fault)) return faults(fault)
  // The isolates (U+2068, U+2069) keep a right-to-left name from reordering the sentence.
  return faults(`named.${fault}`, { name: `\u2068${faultyFile}\u2069` })
}

const FILE_FAULTS = ['empty', 'too_large', 'type', 'damaged', 'pixels'] as const satisfies EvidenceFault[]

const isOfOneFile = (fault: EvidenceFault): fault is (typeof FILE_FAULTS)[number] =>
  FILE_FAULTS.some((one) => one === fault)
