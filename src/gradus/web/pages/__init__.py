"""What each page shows, as frozen records built from the learner's views: the template and the JSON twin say the same."""
