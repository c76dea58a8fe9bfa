-- CreateEnum
CREATE TYPE "sim_answer" AS ENUM ('yes', 'no', 'unknown');

-- AlterTable
ALTER TABLE "carriers" ADD COLUMN     "question_head" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "carrier_questions" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "case_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "sealed" BYTEA NOT NULL,
    "number_hash" BYTEA NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "answer" "sim_answer",
    "answered_at" TIMESTAMPTZ(3),
    "open" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "carrier_questions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "carrier_questions_case_id_asked_at_idx" ON "carrier_questions"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "questions_open_carrier" ON "carrier_questions"("carrier_id", "seq") WHERE ("open" = true);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_questions_carrier_id_seq_key" ON "carrier_questions"("carrier_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_question" ON "carrier_questions"("case_id", "number_hash", "imei", "carrier_id") WHERE ("open" = true);

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;


ALTER TABLE "carrier_questions"
  ADD CONSTRAINT "question_about_fifteen_digits" CHECK ("imei" ~ '^[0-9]{15}$'),
  ADD CONSTRAINT "answered_at_a_time" CHECK (("answer" IS NULL) = ("answered_at" IS NULL)),
  ADD CONSTRAINT "no_open_question_has_an_answer" CHECK (NOT "open" OR "answer" IS NULL);

-- A question stays as it was asked, and its first answer stands, whatever the application does.
CREATE FUNCTION keep_carrier_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.carrier_id, NEW.seq, NEW.case_id, NEW.imei, NEW.sealed, NEW.number_hash, NEW.asked_by_id, NEW.asked_at, NEW.expires_at)
    IS DISTINCT FROM
    (OLD.id, OLD.carrier_id, OLD.seq, OLD.case_id, OLD.imei, OLD.sealed, OLD.number_hash, OLD.asked_by_id, OLD.asked_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'a question to a carrier cannot be changed';
  END IF;
  IF OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer THEN
    RAISE EXCEPTION 'the first answer stands';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_carrier_question BEFORE UPDATE ON "carrier_questions" FOR EACH ROW EXECUTE FUNCTION keep_carrier_question();
