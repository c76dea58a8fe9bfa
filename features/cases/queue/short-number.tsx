/** Shows a case's number with the prefix that all have marked: a narrow list leaves it out of sight, and only there. */
export const ShortNumber = ({ number }: { readonly number: string }) => {
  const at = number.indexOf('-') + 1
  return (
    <>
      <span className="queue-prefix">{number.slice(0, at)}</span>
      {number.slice(at)}
    </>
  )
}
