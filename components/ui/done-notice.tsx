import { Notice } from './notice.tsx'

/** Shows what has just been done. A screen reader reads it out, wherever on the page it is (WCAG 4.1.3). */
export function DoneNotice({ title }: { readonly title: string }) {
  return (
    <div role="status" data-done="">
      <Notice tone="ok" title={title} />
    </div>
  )
}
