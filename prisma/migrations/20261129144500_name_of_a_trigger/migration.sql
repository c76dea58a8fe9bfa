-- accepted: rename: a trigger and its function, which no release asks for by name; renamed in place, so that no comment passes meanwhile.
-- In the code `hold` names the temporary block of a phone alone. A new database has neither yet: functions come after migrations.
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'survey_comments_hold') THEN
    ALTER TRIGGER "survey_comments_hold" ON "survey_comments" RENAME TO "survey_comments_keep_back";
    ALTER FUNCTION hold_doubtful_comment() RENAME TO keep_back_doubtful_comment;
  END IF;
END $$;
