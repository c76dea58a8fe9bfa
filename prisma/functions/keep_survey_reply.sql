-- Refuses to change a published reply of an agency. A promise may only be kept, or changed with a record. A withdrawn reply stays
-- withdrawn. Only a withdrawn reply can be replaced, and only by the same agency.
CREATE OR REPLACE FUNCTION keep_survey_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.withdrawn_at IS NOT NULL OR NEW.replaces_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM survey_replies WHERE id = NEW.replaces_id AND agency_id = NEW.agency_id AND withdrawn_at IS NOT NULL
    ) THEN
      RAISE EXCEPTION 'a reply replaces one that its agency has withdrawn';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
    OR (NEW.id, NEW.agency_id, NEW.said_vi, NEW.said_en, NEW.answer_vi, NEW.answer_en, NEW.published_at, NEW.replaces_id)
      IS DISTINCT FROM
      (OLD.id, OLD.agency_id, OLD.said_vi, OLD.said_en, OLD.answer_vi, OLD.answer_en, OLD.published_at, OLD.replaces_id)
    OR (OLD.kept_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL)
      AND (NEW.promise_vi, NEW.promise_en, NEW.due_on, NEW.kept_at, NEW.done_vi, NEW.done_en) IS DISTINCT FROM
      (OLD.promise_vi, OLD.promise_en, OLD.due_on, OLD.kept_at, OLD.done_vi, OLD.done_en) THEN
    RAISE EXCEPTION 'what an agency published does not change';
  END IF;
  IF (NEW.promise_vi, NEW.promise_en, NEW.due_on) IS DISTINCT FROM (OLD.promise_vi, OLD.promise_en, OLD.due_on)
    AND NOT EXISTS (SELECT FROM survey_reply_changes WHERE reply_id = OLD.id AND revision = OLD.revision) THEN
    RAISE EXCEPTION 'a promise is not changed silently';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "survey_replies_immutable" BEFORE INSERT OR UPDATE OR DELETE ON "survey_replies"
  FOR EACH ROW EXECUTE FUNCTION keep_survey_reply();
