ALTER TABLE "carrier_questions" VALIDATE CONSTRAINT "question_of_its_kind";
