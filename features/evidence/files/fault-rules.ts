/**
 * The reasons why a file, or a form with files, was not taken: each has its words under `evidence` in messages' faults.
 */
export const EVIDENCE_FAULTS = [
  /** No file came although one was to be added. */
  'none',
  'empty',
  'too_large',
  'too_many',
  /** The content is no kind of file that is accepted. */
  'type',
  /** It is one of them, but cut off or broken. */
  'damaged',
  /** More pixels than any camera makes. */
  'pixels',
  /** More uploads from one address than people make. */
  'too_often',
  /** The connection broke, or the body was no form. */
  'interrupted',
  /** Our own storage failed. */
  'failed',
] as const
export type EvidenceFault = (typeof EVIDENCE_FAULTS)[number]

/** The faults of one file among others that are taken. */
const FILE_FAULTS = ['empty', 'too_large', 'type', 'damaged', 'pixels'] as const satisfies EvidenceFault[]

export const isOfOneFile = (fault: EvidenceFault): fault is (typeof FILE_FAULTS)[number] =>
  FILE_FAULTS.some((one) => one === fault)

/** Returns the fault that a page's address names, or null: anybody can write an address. */
export const evidenceFault = (input: unknown): EvidenceFault | null =>
  EVIDENCE_FAULTS.find((fault) => fault === input) ?? null
