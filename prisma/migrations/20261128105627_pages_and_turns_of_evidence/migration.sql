ALTER TABLE "evidence" ADD COLUMN "page_heights" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN "page_widths" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN "turns" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[];

ALTER TABLE "evidence" ADD CONSTRAINT "evidence_pages_are_whole" CHECK (
  cardinality(page_widths) = cardinality(page_heights)
  AND turns <@ ARRAY[0, 1, 2, 3]
  AND cardinality(turns) <= greatest(cardinality(page_widths), 1)
);

-- PDFs that were read before their pages were drawn are read again: those of open cases, by the job that finds unread files.
DELETE FROM "evidence_readings" r USING "evidence" e WHERE e.id = r.evidence_id AND e.media_type = 'application/pdf';
