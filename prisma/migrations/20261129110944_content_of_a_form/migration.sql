-- What a form held, as a keyed hash: sent again under its key with other content, it is told from a second press.
ALTER TABLE "submissions" ADD COLUMN     "content" BYTEA;
