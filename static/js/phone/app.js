// The application on the phone begins here.
