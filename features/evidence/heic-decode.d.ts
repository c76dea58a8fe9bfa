/** The package has no types of its own. */
declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number
    readonly height: number
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>
  }
  const decodeHeic: {
    /** Returns the pictures of a file, not decoded yet. `dispose` frees the decoder's memory. */
    all(input: { readonly buffer: Uint8Array }): Promise<readonly HeicImage[] & { dispose(): void }>
  }
  export default decodeHeic
}
