"""What each page shows, as frozen records made from the learner's views: template and JSON twin say the same."""
