"""Every address of the study. Paths are neutral words; names are the views' own."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    # First those that programs ask all day: an address is looked for from above.
    path("api/v1/", include("participants.api_urls")),
    path("api/v1/", include("visits.api_urls")),
    path("api/v1/", include("phone.api_urls")),
    path("api/v1/", include("panel.api_urls")),
    path("libreta/", include("surveys.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("accounts.urls")),
    path("", include("protocol.urls")),
    path("", include("stations.urls")),
    path("", include("training.urls")),
    path("", include("participants.urls")),
    path("", include("safety.urls")),
    path("", include("care.urls")),
    path("", include("referrals.urls")),
    path("", include("risk.urls")),
    path("", include("visits.urls")),
    path("", include("surveys.urls")),
    path("", include("phone.urls")),
    path("", include("interviews.urls")),
    path("", include("data_protection.urls")),
    path("", include("complaints.urls")),
    path("", include("back_checks.urls")),
    path("", include("data_lock.urls")),
    path("", include("panel.urls")),
    path("", include("quality.urls")),
    path("", include("monitoring.urls")),
]
