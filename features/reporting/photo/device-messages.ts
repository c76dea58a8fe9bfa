/** Asks the worker that reads a photo. */
export type PhotoRequest =
  /** Before there is a photo: fetches and makes ready what reads one. */
  | { readonly ask: 'ready' }
  | { readonly ask: 'barcodes'; readonly file: File }
  /** Asks to read the text of the same photo, after its barcodes. */
  | { readonly ask: 'text' }

/** Why a file cannot be read here. */
export type PhotoFault = 'empty' | 'pdf' | 'heic' | 'too_large' | 'broken'

export type PhotoAnswer =
  /** A small upright copy, to be shown beside the numbers. */
  | { readonly told: 'shown'; readonly copy: Blob }
  /** A copy to be stored in place of a photo that the site would refuse for its size. */
  | { readonly told: 'reduced'; readonly copy: Blob }
  /** Out of 100. */
  | { readonly told: 'progress'; readonly percent: number }
  | { readonly told: 'found'; readonly imeis: readonly string[] }
  | { readonly told: 'fault'; readonly fault: PhotoFault }
  /** The program of the worker could not be loaded. */
  | { readonly told: 'unavailable' }
