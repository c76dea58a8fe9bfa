-- What police write about a found phone may tell of a person: it lies sealed, as everything of that kind does. What was
-- written before is read as it is until `npm run keys:rotate` seals it.
ALTER TABLE "found_phones" ADD COLUMN "note_sealed" BYTEA, ALTER COLUMN "note" SET DEFAULT '';

-- A file that waits two hours to be confirmed holds such notes as well. Whoever sent one just now sends it again.
DELETE FROM "found_uploads";
ALTER TABLE "found_uploads" DROP COLUMN "rows", ADD COLUMN "sealed" BYTEA NOT NULL;
