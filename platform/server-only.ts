/**
 * The module that `import '#server-only'` loads on a server: it holds nothing. In a browser bundle the import map
 * answers null, so that a client component which reaches server code fails the build instead of shipping it.
 */
export {}
