export const Legend = ({
  parts,
}: {
  readonly parts: readonly { readonly fill: 'fill-teal' | 'fill-edge' | 'fill-red'; readonly label: string }[]
}) => (
  <figcaption className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-soft">
    {parts.map(({ fill, label }) => (
      <span key={label} className="flex items-center gap-2">
        <svg viewBox="0 0 12 12" className="size-3" aria-hidden="true">
          <rect width="12" height="12" className={fill} />
        </svg>
        {label}
      </span>
    ))}
  </figcaption>
)
