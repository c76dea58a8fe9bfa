-- CreateEnum
CREATE TYPE "handover" AS ENUM ('in_person', 'registered_post', 'courier', 'document_system');

-- CreateTable
CREATE TABLE "letter_counters" (
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "letter_counters_pkey" PRIMARY KEY ("year")
);

-- CreateTable
CREATE TABLE "carrier_letters" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "after" BIGINT NOT NULL,
    "up_to" BIGINT NOT NULL,
    "rows" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,
    "annex_sha256" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by_id" UUID,
    "pdf" BYTEA,
    "pdf_sha256" TEXT,
    "handed_on" DATE,
    "handed_by" "handover",
    "received_on" DATE,
    "received_as" TEXT,

    CONSTRAINT "carrier_letters_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_letters_year_ordinal_key" ON "carrier_letters"("year", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "carrier_letters_carrier_id_after_key" ON "carrier_letters"("carrier_id", "after");

-- CreateIndex
CREATE INDEX "letters_undrawn" ON "carrier_letters"("id") WHERE (pdf_sha256 IS NULL);

-- AddForeignKey
ALTER TABLE "carrier_letters" ADD CONSTRAINT "carrier_letters_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "carrier_letters" ADD CONSTRAINT "letter_has_lines" CHECK ("after" < "up_to" AND "rows" > 0);
ALTER TABLE "carrier_letters" ADD CONSTRAINT "letter_is_drawn_whole" CHECK (num_nulls("pdf", "pdf_sha256") IN (0, 2));
ALTER TABLE "carrier_letters" ADD CONSTRAINT "letter_is_drawn_before" CHECK ("handed_on" IS NULL OR "pdf" IS NOT NULL);
ALTER TABLE "carrier_letters" ADD CONSTRAINT "handover_is_whole" CHECK (num_nulls("handed_on", "handed_by") IN (0, 2));
ALTER TABLE "carrier_letters" ADD CONSTRAINT "received_after_handover" CHECK ("received_on" IS NULL OR "received_on" >= "handed_on");

-- What was signed on paper is what stands here: nothing that is said once is said otherwise.
CREATE FUNCTION carrier_letter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (NEW.id, NEW.carrier_id, NEW.year, NEW.ordinal, NEW.after, NEW.up_to, NEW.rows, NEW.facts, NEW.annex_sha256,
       NEW.made_at, NEW.made_by_id) IS DISTINCT FROM
     (OLD.id, OLD.carrier_id, OLD.year, OLD.ordinal, OLD.after, OLD.up_to, OLD.rows, OLD.facts, OLD.annex_sha256,
       OLD.made_at, OLD.made_by_id) OR
     (OLD.pdf IS NOT NULL AND (NEW.pdf, NEW.pdf_sha256) IS DISTINCT FROM (OLD.pdf, OLD.pdf_sha256)) OR
     (OLD.handed_on IS NOT NULL AND (NEW.handed_on, NEW.handed_by) IS DISTINCT FROM (OLD.handed_on, OLD.handed_by)) OR
     (OLD.received_on IS NOT NULL AND
       (NEW.received_on, NEW.received_as) IS DISTINCT FROM (OLD.received_on, OLD.received_as)) THEN
    RAISE EXCEPTION 'a letter does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "carrier_letters_frozen" BEFORE UPDATE OR DELETE ON "carrier_letters"
  FOR EACH ROW EXECUTE FUNCTION carrier_letter_is_frozen();
