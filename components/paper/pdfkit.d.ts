declare module 'pdfkit' {
  import type { Readable } from 'node:stream'

  /** Marked content of a page, which structure elements consist of. */
  interface StructureContent {
    readonly refs: readonly unknown[]
  }
  export interface StructureElement {
    add(child: StructureElement | StructureContent): this
  }

  /** The part of pdfkit's document that tagging needs; the package has no types. */
  export default class PDFDocument extends Readable {
    constructor(options: {
      readonly tagged: boolean
      readonly pdfVersion: string
      readonly lang?: string
      readonly displayTitle: boolean
      readonly autoFirstPage: boolean
      readonly info: Readonly<Record<string, unknown>>
    })
    struct(type: string, options?: { readonly alt?: string; readonly scope?: 'Column' }): StructureElement
    addStructure(element: StructureElement): this
    markStructureContent(tag: string): StructureContent
    markContent(tag: 'Artifact', options: { readonly type: 'Layout' | 'Pagination' }): this
    endMarkedContent(): this
  }
}
