-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "mixed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "survey_dossier_codes" ADD COLUMN     "mixed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "survey_receipts" ADD COLUMN     "mixed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "survey_responses" ADD COLUMN     "mixed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "survey_suggestions" ADD COLUMN     "mixed" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "survey_kiosks" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "counter" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_kiosks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "survey_kiosks_created_at_id_idx" ON "survey_kiosks"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_comments_unmixed" ON "survey_comments"("id") WHERE (NOT mixed);

-- CreateIndex
CREATE INDEX "survey_dossier_codes_unmixed" ON "survey_dossier_codes"("code_hash") WHERE (NOT mixed);

-- CreateIndex
CREATE INDEX "survey_receipts_unmixed" ON "survey_receipts"("number_hash") WHERE (NOT mixed);

-- CreateIndex
CREATE INDEX "survey_responses_unmixed" ON "survey_responses"("id") WHERE (NOT mixed);

-- CreateIndex
CREATE INDEX "survey_suggestions_unmixed" ON "survey_suggestions"("id") WHERE (NOT mixed);

-- AddForeignKey
ALTER TABLE "survey_kiosks" ADD CONSTRAINT "survey_kiosks_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An answer and what was written with it (comment, suggestion, dossier code, receipt) come in one transaction, and stand
-- at the same place in time and in their files: `xmin` and the order of rows would join what the tables keep apart.
-- This writes new rows again, each table's in an order of its own drawn at random, so that afterwards they share only
-- that they came between two of its runs. Fewer than p_least rows of a table wait for others: alone they would stay
-- recognisable. Rows that somebody holds are left for the next time. Answers how many were written.
CREATE FUNCTION survey_mix(p_least integer, p_most integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_table text;
  v_waiting integer;
  v_row tid;
  v_done integer := 0;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['survey_responses', 'survey_comments', 'survey_suggestions', 'survey_receipts',
                                 'survey_dossier_codes'] LOOP
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE NOT mixed LIMIT $1) w', v_table)
      INTO v_waiting USING p_least;
    CONTINUE WHEN v_waiting < p_least;
    FOR v_row IN EXECUTE format(
      'SELECT ctid FROM %I WHERE NOT mixed ORDER BY random() LIMIT $1 FOR UPDATE SKIP LOCKED', v_table) USING p_most
    LOOP
      EXECUTE format('UPDATE %I SET mixed = true WHERE ctid = $1', v_table) USING v_row;
      v_done := v_done + 1;
    END LOOP;
  END LOOP;
  RETURN v_done;
END $$;
