/** Why a file is not opened: it is being looked at for viruses, or one was found. */
export type Closed = 'checking' | 'infected'

/**
 * Returns why a file is not opened, or null. An infected file opens for nobody, whether or not a scanner is configured.
 * A file that is not scanned yet does not open for police where one is. Citizens always get back what they sent, unless
 * it is infected.
 */
export function closedBy(
  file: {
    /** The scanner's word on it; null where none has looked. */
    readonly scan: 'clean' | 'infected' | null
  },
  reader: { readonly staff: boolean; readonly scanning: boolean },
): Closed | null {
  if (file.scan === 'infected') return 'infected'
  return file.scan === null && reader.staff && reader.scanning ? 'checking' : null
}
