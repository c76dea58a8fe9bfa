/**
 * The empty module behind `import '#server-only'` on a server. In a browser bundle the import map resolves to null, so a client
 * component that reaches server code fails the build instead of shipping it.
 */
export {}
