import { iconPaths } from './icon-paths.ts'

export type IconName = keyof typeof iconPaths

/** Renders an outline icon beside words: hidden from screen readers, in the text's colour. `size` in pixels. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="shrink-0"
    >
      <path d={iconPaths[name]} />
    </svg>
  )
}
