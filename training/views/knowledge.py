"""The knowledge test of a module, to print; its key for whoever corrects it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest
from training.presenters import sessions as presenters
from training.queries.knowledge import knowledge_test_of


def training_test(request: SignedInRequest, module: int) -> HttpResponse:
    label = presenters.module_labels().get(module)
    if label is None:
        raise Http404
    test = knowledge_test_of(module)
    context = {
        "module": module,
        "label": label,
        "test": test,
        "questions": presenters.printed_questions(test) if test else [],
        "key": list(enumerate(test.key, start=1)) if test else [],
    }
    return render(request, "training/training_test.html", context)
