export type PhotoRequest =
  /** Loads the reader before there is a photo. */
  | { readonly ask: 'ready' }
  | { readonly ask: 'barcodes'; readonly file: File }
  /** Reads the text of the same photo, after its barcodes. */
  | { readonly ask: 'text' }

export type PhotoFault = 'empty' | 'pdf' | 'heic' | 'too_large' | 'broken'

export type PhotoAnswer =
  /** A small upright copy, shown beside the numbers. */
  | { readonly told: 'shown'; readonly copy: Blob }
  /** A copy to be stored in place of a photo that is too large for the site. */
  | { readonly told: 'reduced'; readonly copy: Blob }
  /** Out of 100. */
  | { readonly told: 'progress'; readonly percent: number }
  | { readonly told: 'found'; readonly imeis: readonly string[] }
  | { readonly told: 'fault'; readonly fault: PhotoFault }
  /** The worker's program could not be loaded. */
  | { readonly told: 'unavailable' }
